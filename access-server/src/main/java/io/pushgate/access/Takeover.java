package io.pushgate.access;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;

/** Says to another node that a device has come here. */
@FunctionalInterface
interface Takeover {
    /**
     * @param replaced the session on that node
     */
    void tell(DeviceKey device, Route replaced);
}
