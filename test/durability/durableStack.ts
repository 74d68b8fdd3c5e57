import { ApiClient } from '../support/apiClient';
import { administrator } from '../support/parts';
import { Stack } from '../support/stack';

/** A whole platform whose timeouts are short, so that what is killed is noticed within seconds. */
export function durableStack(): Stack {
  return new Stack({
    TRAINYARD_ADMIN_USERNAME: administrator.username,
    TRAINYARD_ADMIN_EMAIL: administrator.email,
    TRAINYARD_ADMIN_PASSWORD: administrator.password,
    TRAINYARD_HEARTBEAT_SECONDS: '5',
    TRAINYARD_STICKY_SECONDS: '1',
  });
}

/** Starts it and gives a client whose token outlives the longest test. */
export async function startDurable(stack: Stack): Promise<ApiClient> {
  const { urls } = await stack.start();
  const client = new ApiClient(urls.api);
  await client.login(administrator.email, administrator.password);
  return client.keepToken();
}
