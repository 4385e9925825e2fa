# Runs "$@" (redis-server and its arguments) in place of this shell, so that its process id is the one our parent knows,
# and leaves a child behind that reads our stdin, a pipe from the JVM. The pipe breaks when the JVM is gone, killed or
# not; then the child asks Redis to end. A session of its own keeps the terminal's Ctrl-C away from both.
exec 3<&0 0</dev/null
(
    trap '' INT HUP QUIT
    read -r _ <&3
    kill -TERM $$
    kill -CONT $$
) >/dev/null 2>&1 &
exec 3<&-
if command -v setsid >/dev/null 2>&1; then
    exec setsid "$@"
fi
exec "$@"
