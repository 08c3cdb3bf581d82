import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

describe('hashes, ciphers and keys', () => {
  it.each([
    [
      'BitConverter.ToString(new HMACSHA256(Encoding.UTF8.GetBytes("k")).ComputeHash(Encoding.UTF8.GetBytes("d"))).Length',
      'System.Int32 95',
    ],
    ['Convert.ToBase64String(SHA256.HashData(new byte[0]))', 'System.String 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    ['HashAlgorithm.Create("SHA-512").HashSize', 'System.Int32 512'],
    ['HashAlgorithm.Create("nope")', 'null'],
    ['new HMACSHA1(null)', "throws System.ArgumentNullException: Value cannot be null. (Parameter 'key')"],
    ['HashAlgorithmName.FromOid("1.3.14.3.2.26").Name', 'System.String SHA1'],
    ['RSAEncryptionPadding.OaepSHA256.ToString()', 'System.String OaepSHA256'],
    [
      'var a = SymmetricAlgorithm.Create("Aes"); a.Key = new byte[32]; a.IV = new byte[16]; var c = a.EncryptCbc(new byte[] { 1, 2, 3 }, a.IV); return a.DecryptCbc(c, a.IV).Length;',
      'System.Int32 3',
    ],
    [
      'var a = SymmetricAlgorithm.Create("Aes"); a.Key = new byte[5]; return a;',
      'throws System.Security.Cryptography.CryptographicException: Specified key is not a valid size for this algorithm.',
    ],
    [
      'var r = RSA.Create(); r.FromXmlString(RSA.Create(1024).ToXmlString(true)); var d = new byte[] { 1 }; return r.VerifyData(d, r.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);',
      'System.Boolean true',
    ],
    [
      'var r = RSA.Create(1024); return Encoding.UTF8.GetString(r.Decrypt(r.Encrypt(Encoding.UTF8.GetBytes("hi"), RSAEncryptionPadding.OaepSHA1), RSAEncryptionPadding.OaepSHA1));',
      'System.String hi',
    ],
    [
      'var r = RSA.Create(); var d = Encoding.UTF8.GetBytes("x"); var h = SHA256.Create().ComputeHash(d); var s = r.SignHash(h, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); return r.VerifyData(d, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) && s.SequenceEqual(r.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));',
      'System.Boolean true',
    ],
    [
      'var r = RSA.Create(); var d = Encoding.UTF8.GetBytes("x"); var h = SHA256.Create().ComputeHash(d); var s = r.SignHash(h, HashAlgorithmName.SHA256, RSASignaturePadding.Pss); return r.VerifyData(d, s, HashAlgorithmName.SHA256, RSASignaturePadding.Pss) + "" + r.VerifyHash(h, r.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), HashAlgorithmName.SHA256, RSASignaturePadding.Pss) + r.VerifyHash(h, s.Reverse().ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);',
      'System.String TrueTrueFalse',
    ],
    [
      'var r = RSA.Create(); var h = new byte[32]; return r.VerifyHash(h, r.SignHash(h, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);',
      'System.Boolean true',
    ],
    ['return RSA.Create().EncryptValue(new byte[1]);', 'throws System.NotSupportedException: Method is not supported.'],
    ['TimeZoneInfo.GetSystemTimeZones().Count > 300', 'System.Boolean true'],
    ['TimeZoneInfo.GetSystemTimeZones().First(z => z.Id == "Europe/Berlin").BaseUtcOffset', 'System.TimeSpan 01:00:00'],
    [
      'new X509Certificate2("a.pfx")',
      'throws System.Security.Cryptography.CryptographicException: The system cannot find the file specified.',
    ],
    ['new Oid("sha256").Value', 'System.String 2.16.840.1.101.3.4.2.1'],
    [
      'var h = SHA1.Create(); h.Dispose(); return h.ComputeHash(new byte[1]);',
      "throws System.ObjectDisposedException: Cannot access a disposed object.\nObject name: 'System.Security.Cryptography.SHA1+Implementation'.",
    ],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
