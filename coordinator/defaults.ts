/** Port of the coordinator's gRPC server: researchers, workers and reflection. */
export const defaultGrpcPort = 7431;

/** Port of `grpc.health.v1`, always plaintext: the gRPC probes of Kubernetes speak no TLS. */
export const defaultHealthPort = 7432;

/** Port of Prometheus' metrics, plain HTTP. */
export const defaultMetricsPort = 7433;
