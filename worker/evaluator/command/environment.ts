/**
 * What a program gets of its worker's environment: where it finds programs, libraries and devices, and how it speaks to people. Everything
 * else may hold secrets (a store's password, a cloud's keys) and stays with the worker.
 */
const passedOn = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "LANGUAGE", "TZ", "XDG_CACHE_HOME"],
  ...["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "CUDA_HOME"],
  ...["CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"],
  ...["OMP_NUM_THREADS", "MKL_NUM_THREADS"],
];

/** The environment of a program: what the worker passes on of its own, and over it what the job says. */
export function programEnvironment(
  own: NodeJS.ProcessEnv,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const passed = Object.entries(own).filter(([name]) => passedOn.includes(name) || name.startsWith("LC_"));
  return { ...(Object.fromEntries(passed) as Record<string, string>), ...given };
}
