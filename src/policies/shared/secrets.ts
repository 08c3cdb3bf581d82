import type { Exchange } from '../../exchange/exchange.ts';

/** From now on no listener of this call sees the text. */
export function keepSecret(exchange: Exchange, text: string): void {
  if (text !== '' && !exchange.secrets.includes(text)) exchange.secrets = [...exchange.secrets, text];
}
