// Original file: proto/fpnas/v1/network.proto


/**
 * Global average pooling. Has no settings.
 */
export interface GlobalPool {
}

/**
 * Global average pooling. Has no settings.
 */
export interface GlobalPool__Output {
}
