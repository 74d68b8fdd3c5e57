export { trainNlpText } from './trainNlpText';
export { trainNlpToken } from './trainNlpToken';
