/**
 * How much of a stream may be on its way before its reader has taken it, in bytes: HTTP/2's window of flow control, for weights and updates. The
 * default of 64 KiB lets no more than that pass in a round trip, which over 10 ms is 6.5 MB/s, whatever the link.
 */
export const flowControlBytes = 2 ** 20;
