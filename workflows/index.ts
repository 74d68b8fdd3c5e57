export { trainNlpText } from './trainNlpText';
