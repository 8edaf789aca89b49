using System.Globalization;
using SandQueue.Gateway.Security;
using SandQueue.Hosting.Startup;
using SandQueue.Storage;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.Administration;

/// <summary>
/// The command <c>keys create TENANT [--name NAME] [--scope use|read|admin] [--days N]</c>, <c>keys list</c>, <c>keys revoke ID</c>: works on the database
/// itself, so that the first key can be made before anyone has one. A new key is the only thing that <c>create</c> prints to its output.
/// </summary>
internal static class KeysCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "keys";

    private const string Usage = "write: keys create TENANT [--name NAME] [--scope use|read|admin] [--days N], keys list, or keys revoke ID";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="words">What follows the command's name, before the switches.</param>
    /// <param name="configuration">The switches.</param>
    /// <param name="storage">Where the keys are.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartupException">It cannot be done; the message says why.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, IConfiguration configuration, StorageOptions storage)
    {
        await using var services = new ServiceCollection().AddLogging().AddStorage(storage).BuildServiceProvider();
        var (keys, time) = (services.GetRequiredService<KeyDirectory>(), services.GetRequiredService<TimeProvider>());
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            return words switch
            {
                ["create", var tenant] => await CreateAsync(keys, Asked(tenant, configuration), time, limit.Token),
                ["list"] => await ListAsync(keys, time, limit.Token),
                ["revoke", var id] => await RevokeAsync(keys, id, time, limit.Token),
                _ => throw new StartupException($"{Name} does not know what to do; {Usage}"),
            };
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            throw new StartupException($"the keys cannot be reached ({exception.GetBaseException().Message.TrimEnd('.')}); start this version of the gateway once, which brings the database up to date");
        }
    }

    private static KeyRequest Asked(string tenant, IConfiguration configuration) => KeyRequest.Of(
        tenant,
        configuration["name"],
        configuration["scope"],
        configuration["days"] switch
        {
            null => null,
            var given when int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var days) => days,
            var given => throw new StartupException($"--days is '{given}'; it must be a whole number above 0"),
        },
        line => new StartupException(line));

    private static async Task<int> CreateAsync(KeyDirectory keys, KeyRequest asked, TimeProvider time, CancellationToken cancellationToken)
    {
        var (row, key) = IssuedKey.Make(asked.Tenant, asked.Name, asked.Scope, time.GetUtcNow(), asked.Lifetime);
        await keys.AddAsync(row, cancellationToken);
        await Console.Error.WriteLineAsync($"Key {row.Id} of tenant {row.Tenant}. It is shown this once:");
        await Console.Out.WriteLineAsync(key);
        return 0;
    }

    private static async Task<int> ListAsync(KeyDirectory keys, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var key in await keys.ListAsync(tenant: null, cancellationToken)) await Console.Out.WriteLineAsync(KeyAnswer.Line(key, time.GetUtcNow()).TrimEnd());
        return 0;
    }

    private static async Task<int> RevokeAsync(KeyDirectory keys, string id, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await keys.RevokeAsync(id, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken)) throw new StartupException($"no key '{id}' is good; keys list shows those that were issued");
        await Console.Error.WriteLineAsync($"Key {id} is revoked; every gateway refuses it within two seconds.");
        return 0;
    }
}
