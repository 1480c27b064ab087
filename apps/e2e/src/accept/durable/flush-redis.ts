import { connect } from 'node:net';

export async function flushRedis(redisUrl: string): Promise<void> {
  const { hostname, port, password } = new URL(redisUrl);
  const login = password === '' ? '' : `AUTH ${password}\r\n`;
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port || 6379), hostname, () => socket.write(`${login}FLUSHALL\r\nQUIT\r\n`));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
