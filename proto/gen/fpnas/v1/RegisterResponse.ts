// Original file: proto/fpnas/v1/worker.proto


/**
 * How the worker is to behave.
 */
export interface RegisterResponse {
  /**
   * A lease ends this long after it was given or last renewed, in milliseconds.
   */
  'leaseTtlMs'?: (number);
  /**
   * The worker renews all its leases this often, in milliseconds: a third of lease_ttl_ms or less.
   */
  'heartbeatIntervalMs'?: (number);
}

/**
 * How the worker is to behave.
 */
export interface RegisterResponse__Output {
  /**
   * A lease ends this long after it was given or last renewed, in milliseconds.
   */
  'leaseTtlMs': (number);
  /**
   * The worker renews all its leases this often, in milliseconds: a third of lease_ttl_ms or less.
   */
  'heartbeatIntervalMs': (number);
}
