package io.pushgate.mailbox;

/** What became of a request that is to wait for its time. */
public enum ScheduleResult {
    SCHEDULED,
    /** It is scheduled since before; a repeated try of the same request. */
    REPEATED,
    /** Another request with this id is scheduled; that one counts. */
    DUPLICATE,
    /** There is no room: {@code mailbox.scheduled-bytes} are taken. */
    FULL
}
