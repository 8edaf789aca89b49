using System.Text;
using CsCheck;
using SandQueue.Hosting.Startup;
using SandQueue.Rollouts.Endpoints;

namespace SandQueue.Rollouts.Tests.Endpoints;

public sealed class KeyProtectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandqueue-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_comes_back_for_its_tenant_and_name_alone()
    {
        var keys = KeyProtection.OfFile(_folder);

        var stored = keys.Protect("tenant", "name", "sk-secret");

        keys.Unprotect("tenant", "name", stored).ShouldBe("sk-secret");
        keys.Unprotect("tenan", "tname", stored).ShouldBeNull();
        keys.Unprotect("other", "name", stored).ShouldBeNull();
        keys.Unprotect("tenant", "other", stored).ShouldBeNull();
        Encoding.UTF8.GetString(stored).ShouldNotContain("sk-secret");
        keys.Protect("tenant", "name", "sk-secret").ShouldNotBe(stored);
    }

    [Fact]
    public void What_was_changed_is_not_read()
    {
        var keys = KeyProtection.OfFile(_folder);
        var stored = keys.Protect("t", "n", "key");
        Gen.Select(Gen.Int[0, stored.Length - 1], Gen.Byte[1, 255]).Sample((at, change) =>
        {
            var changed = (byte[])stored.Clone();
            changed[at] ^= change;
            keys.Unprotect("t", "n", changed).ShouldBeNull();
        });
        Gen.Byte.Array[0, 60].Sample(bytes => keys.Unprotect("t", "n", bytes).ShouldBeNull());
    }

    [Fact]
    public void The_file_is_made_once_and_is_its_owners_alone()
    {
        var stored = KeyProtection.OfFile(_folder).Protect("t", "n", "key");

        KeyProtection.OfFile(_folder).Unprotect("t", "n", stored).ShouldBe("key");

        var path = Path.Combine(_folder, KeyProtection.FileName);
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Should.Throw<StartupException>(() => KeyProtection.OfFile(_folder)).Message.ShouldContain("chmod 600");
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public void A_file_that_is_cut_is_not_taken_for_a_key()
    {
        _ = KeyProtection.OfFile(_folder);
        File.WriteAllBytes(Path.Combine(_folder, KeyProtection.FileName), [1, 2, 3]);

        Should.Throw<StartupException>(() => KeyProtection.OfFile(_folder)).Message.ShouldContain("3 bytes");
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all, and longer than forty-four letters")]
    public void A_setting_that_is_no_key_ends_the_start(string key) => Should.Throw<StartupException>(() => KeyProtection.Of(key)).Message.ShouldStartWith("Rollouts:SecretKey");

    [Fact]
    public void A_setting_is_the_same_key_in_every_process()
    {
        var key = Convert.ToBase64String(new byte[32]);

        KeyProtection.Of(key).Unprotect("t", "n", KeyProtection.Of(key).Protect("t", "n", "ü")).ShouldBe("ü");
    }
}
