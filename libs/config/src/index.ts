export { ConfigModule } from './config.module.js';
export { Environment, EnvironmentError, readEnvironment } from './environment.js';
export { projectRoot } from './project-root.js';
export { readEnvFile, writePrivateFile } from './home/env-file.js';
export { homeFolder, type Variables } from './home/home-folder.js';
export { LockFile } from './home/lock-file.js';
export { livePidOf, markOf } from './home/process-mark.js';
export { readLiveRunEnv, removeRunEnv, type RunEnv, stackLock, writeRunEnv } from './home/run-env.js';
export { ensureSecrets, type SecretName } from './home/secrets.js';
