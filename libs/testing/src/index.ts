export { backends, currentBackend, isRedisAvailable, type Backend } from './backends.js';
export { eventually, type EventuallyOptions } from './eventually.js';
export { A_SENDER, aClient, aMessage, anEnvironment, aSender, type MessageOverrides } from './factories.js';
export { freePort } from './free-port.js';
export { spawnProcess, type ProcessExit, type SpawnedProcess, type SpawnProcessOptions } from './spawn-process.js';
export { buildTemplateDatabase, databaseUrl, TEMPLATE_DATABASE } from './template-database.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { startTestPostgres } from './test-postgres.js';
export { startTestRedis, type TestRedis } from './test-redis.js';
