using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SandQueue.Testing;

/// <summary>An authority of the tests' own, and a server's certificate that it vouches for.</summary>
internal static class TestCertificates
{
    /// <summary>Writes <c>authority.pem</c>, <c>server.pem</c> and <c>server.key</c>.</summary>
    public static void Write(string folder, IPAddress server)
    {
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        var until = from.AddDays(2);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=tests of SandQueue", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var signed = authority.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={server}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(server);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(signed, from, until, RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(Path.Combine(folder, "authority.pem"), signed.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
