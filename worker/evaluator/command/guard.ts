/** How long a program that was told to end (SIGTERM) may take before it is killed: less than a stopping worker waits for its evaluation. */
export const graceMs = 2_000;

/**
 * What stands between a worker and a program: a POSIX shell that leads the program's process group, hands its standard streams through and
 * ends with its exit code (128 and the signal's number, where a signal ended it).
 *
 * A second process of the group watches over the worker: it reads a pipe that the worker holds open and never writes to, and so learns of the
 * worker's end, however sudden. It then does what the worker would have done: tells the group to end, waits, removes the working folder,
 * kills the group with itself. As long as the worker lives, it also keeps the group's number from being given to others.
 *
 * Neither ends by the signals that tell the program to; the worker kills what is left once the program has ended.
 *
 * Arguments: the grace in seconds, the working folder, the program, its arguments. File descriptor 3: the pipe.
 */
export const guardScript = `
trap : TERM INT HUP
(
  trap '' TERM INT HUP
  while read -r _ <&3; do :; done
  kill -TERM 0
  sleep "$1"
  rm -rf -- "$2"
  kill -KILL 0
) </dev/null >/dev/null 2>&1 &
shift 2
"$@" 3<&-
exit "$?"
`;
