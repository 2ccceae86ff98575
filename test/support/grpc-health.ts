import { Client, credentials } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";

/** What `grpc.health.v1` at an address tells of a service; "" is the server as a whole. */
export function healthOf(address: string, service = ""): Promise<string> {
  const stub = new Client(address, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = healthService["Check"]!;
  return new Promise((resolve, reject) =>
    stub.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, response) => {
      stub.close();
      if (error) reject(error);
      else resolve((response as { status: string }).status);
    }),
  );
}
