// How these scripts and the Java test that starts them talk.

/** Prints one line of JSON. */
export const print = (event, detail) => process.stdout.write(`${JSON.stringify({ event, ...detail })}\n`);

/** The test closes our stdin when it is done with us, and its end closes it too. */
export const untilStdinEnds = () =>
  new Promise((resolve) => {
    process.stdin.resume().once('end', resolve).once('close', resolve);
  });
