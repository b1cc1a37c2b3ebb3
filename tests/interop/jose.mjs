// jose's side: `mint` prints tokens, `verify` checks those on standard input.
import { SignJWT, jwtVerify } from 'jose'
import { deepStrictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'

const key = Uint8Array.from({ length: 64 }, (_, at) => at)
const issuer = 'https://login.example', audience = 'https://api.example'
const cabin = { deck: 3, name: 'Zoë\'s "berth"\n\u{1F6A2}/\\' }

if (process.argv[2] === 'mint') {
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    const token = await new SignJWT({ scope: 'read write', cabin }).setProtectedHeader({ alg })
      .setIssuer(issuer).setAudience(audience).setSubject('ada').setIssuedAt().setExpirationTime('5m').sign(key)
    console.log('jose', alg, token)
  }
} else {
  for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
    const [minter, alg, token] = line.split(' ')
    const { payload } = await jwtVerify(token, key, { issuer, audience, algorithms: [alg] })
    deepStrictEqual([payload.sub, payload.cabin], ['ada', cabin])
    console.log(`interop: ${minter.padEnd(12)} ${alg}  verified by jose`)
  }
}
