/** What minisign 0.11 itself wrote, for tests where it is not installed. The keys were made for this and sign nothing else. */

export const publicKeyFile = `untrusted comment: minisign public key 3A3035B8522F9FAC
RWSsny9SuDUwOipKN0u3djOk2jRwvpLDM1B+cni1K1/KZITTQfomDdIu
`;

/** minisign -G -W */
export const unprotectedKeyFile = `untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArJ8vUrg1MDoheSHEq0fyAF+ohOabNNGu6fWsJHMPhAeccbFgK15SoypKN0u3djOk2jRwvpLDM1B+cni1K1/KZITTQfomDdIuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`;

export const document = "test";
export const trustedComment = "evseal test";

/** minisign -S -t "evseal test" */
export const signatureFile = `untrusted comment: signature from minisign secret key
RUSsny9SuDUwOvCjByY4j0WulWOo2YN6i3yN98UUaQsEoZJENZHXJcqW31xU/VrIFA4sQpWRRTJwejxId113SwvOqUxbMG/dTAk=
trusted comment: evseal test
dt4vr/0wg06uhmosGyRnPJklH0dMugw1RYQNf6w94p5wdZ7Zp7272xcBEj8CP9NRcGq0fJR5A6gVsvcfUJXXBQ==
`;

/** minisign -S -l -t "evseal test" */
export const legacySignatureFile = `untrusted comment: signature from minisign secret key
RWSsny9SuDUwOhe6yt+jLN76YHHJ4r4orCGtJdSZPe72OYk+EP4S+hx8MvRRRwrCYdKsGAcGt2nnvTptq9HCu/RHvj45v/wFAQA=
trusted comment: evseal test
qveNS++tp+vP6d4d1rhi3AaOLxJTlT+oGaVPuma4PG5k5g9c4eBIEXgecrhfC3N/K24VhgI3si6Nbn0ALg+hCw==
`;

/** minisign -G, with minisign's own cost of N = 2^20 (1 GiB) */
export const protectedKey = {
  passphrase: "pw one",
  publicKey: "RWQx2hmrKelVd3ljSDacxBiJVrRg99BzxTBRX61k4PvekYa8Ct9khrqo",
  file: `untrusted comment: minisign encrypted secret key
RWRTY0IyvT95fNH3rMiDLKchID8DJsgZKuxtWEml7VjuagnJmdwAAAACAAAAAAAAAEAAAAAA+qWWgEr99LcDJ1FJW4wTgDjH8s5ff7tjuMc5gNTZf7hH4jsFlifq3W3G/gUzdi5c7WkK5yao7i9zRtCoUIw8P4vB9F5+frArI6db/G0x3DJvRB2GNogbwFaBtCYEvzZS09QCnqG7ArU=
`,
};

/** The key of minisign's own releases, from its manual. */
export const documentedPublicKey = {
  encoded: "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
  shownKeyId: "E7620F1842B4E81F",
};
