import type { FixtureDelivery } from './fixture-world.js';

type Json = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Where Meta writes identifiers of a person, by kind. */
const PLACES: readonly [kind: string, ...members: string[]][] = [
  ['wa_id', 'from', 'wa_id', 'recipient_id', 'recipient_participant_id'],
  ['user_id', 'from_user_id', 'user_id', 'previous_user_id', 'recipient_user_id', 'recipient_participant_user_id'],
  ['parent_user_id', 'from_parent_user_id', 'parent_user_id', 'previous_parent_user_id', 'recipient_parent_user_id'],
];

function namesIn(...objects: unknown[]): string[] {
  const named = (objects.filter(Boolean) as Json[]).flatMap((object) =>
    PLACES.flatMap(([kind, ...members]) => members.map((member) => [kind, object[member]] as const)),
  );
  return named.flatMap(([kind, value]) =>
    typeof value === 'string' && (kind === 'wa_id' ? /^\d+$/ : /./).test(value) ? [`${kind} ${value}`] : [],
  );
}

/**
 * The people that deliveries name, each by all identifiers that lead to them, read from Meta's words without the parser: who writes, calls or
 * chooses is somebody; a status tells only that two names are one person, or what a person's username is.
 * @param senders whose deliveries count
 */
export function peopleNamed(deliveries: readonly FixtureDelivery[], senders: readonly string[]): string[][] {
  const mentions = deliveries.flatMap(({ body }) =>
    listOf((JSON.parse(body) as Json).entry)
      .flatMap(({ changes }) => listOf(changes))
      .flatMap(({ field, value }) => mentionsIn(String(field), value as Json, senders)),
  );
  const people: Set<string>[] = [];
  for (const mention of mentions) {
    const same = people.filter((person) => mention.some((name) => person.has(name)));
    for (const person of same) people.splice(people.indexOf(person), 1);
    people.push(new Set([...mention, ...same.flatMap((person) => [...person])]));
  }
  return people.map((person) => [...person].sort()).sort();
}

function mentionsIn(field: string, value: Json, senders: readonly string[]): string[][] {
  const sender = (value.metadata as Json | undefined)?.phone_number_id;
  if (!senders.includes(String(sender)) || !['messages', 'calls', 'user_preferences'].includes(field)) return [];
  const contacts = listOf(value.contacts);
  const heard = [...listOf(value.messages), ...listOf(value.calls), ...listOf(value.user_preferences)].map(
    (item, index) => namesIn(item, item.type === 'system' ? item.system : contacts[index]),
  );
  const told = listOf(value.statuses).flatMap((status, index) => {
    const names = namesIn(status, contacts[index]);
    const hasUsername = (contacts[index]?.profile as Json | undefined)?.username !== undefined;
    return new Set(names).size > 1 || hasUsername ? [names] : [];
  });
  return [...heard.filter((names) => names.length > 0), ...told];
}
