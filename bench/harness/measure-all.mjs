/**
 * Runs scenarios one after the other. One that throws costs its own figures, not those of the others.
 * @param measure gives the results of a scenario, by its name
 * @param say is told all that one that threw has said
 * @returns all results, and of each scenario that threw its name and the first line of what it said
 */
export async function measureAll(names, measure, say) {
  const results = [];
  const failures = [];
  for (const name of names)
    try {
      results.push(...(await measure(name)));
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : { message: String(error), stack: error };
      say(`${name} was not measured: ${stack}`);
      failures.push({ scenario: name, error: message.trim().split('\n')[0] });
    }
  return { results, failures };
}
