/** What CMS and site server have in common in being operated: request ids, redaction, readiness, metrics. For Node alone. */
export { addGauge, readinessReadings } from './gauges.ts';
export { serveMetrics, type MetricsAddress } from './metrics-server.ts';
export {
  diskCheck,
  freeBytes,
  readiness,
  readyAnswerSchema,
  type ReadyAnswer,
  type ReadyCheck,
} from './readiness.ts';
export { makeRedactor, type Redactor } from './redaction.ts';
export { newRequestId, readRequestId, requestIdHeader } from './request-id.ts';
