/**
 * Preloaded into the programs that a test starts: a program whose test was killed ends too, instead of holding its port
 * and its database. Like a crash, on purpose: nothing of a test's is worth a goodbye.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
