import type { Http2Server } from "node:http2";
import type { Server } from "@grpc/grpc-js";
import { flowControlBytes } from "../../proto/flow-control.ts";

/**
 * Lets callers of a bound server send `flowControlBytes` ahead of its reading, a stream and a connection. The library has this as an option of
 * clients only (grpc-node.flow_control_window); where it no longer keeps its HTTP/2 servers where they are looked for, the default stays.
 */
export function widenWindows(server: Server): void {
  const { http2Servers } = server as unknown as { readonly http2Servers?: ReadonlyMap<Http2Server, unknown> };
  for (const each of http2Servers?.keys() ?? []) {
    each.on("session", (session) => {
      session.settings({ initialWindowSize: flowControlBytes });
      session.setLocalWindowSize(flowControlBytes);
    });
  }
}
