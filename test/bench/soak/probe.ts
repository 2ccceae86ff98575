import { Client, credentials } from "@grpc/grpc-js";
import { service } from "grpc-health-check";

/** Asks `grpc.health.v1` at an address over a connection of its own, as the probes of Kubernetes do. Rejects where it does not answer. */
export function probe(address: string): Promise<string> {
  const check = service["Check"];
  if (check === undefined) throw new Error("the health service has a method Check");
  const { path, requestSerialize, responseDeserialize } = check;
  const stub = new Client(address, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  return new Promise((resolve, reject) =>
    stub.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { service: "" },
      { deadline: Date.now() + 5_000 },
      (error, answer) => {
        stub.close();
        if (error !== null) reject(error);
        else resolve((answer as { status: string }).status);
      },
    ),
  );
}
