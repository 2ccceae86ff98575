/** Of every training's stochastic gradient descent. */
export const momentum = 0.9;
