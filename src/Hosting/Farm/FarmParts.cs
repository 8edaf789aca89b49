using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SandQueue.Hosting.Startup;
using SandQueue.Storage;
using SandQueue.Transport;
using SandQueue.Transport.Brokers;

namespace SandQueue.Hosting.Farm;

/// <summary>Checks the broker and the database before anything starts: waits while they are down, and says what is wrong with them.</summary>
public static partial class FarmParts
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="StartupException">A part is missing from the settings, refuses access, or did not come up in time.</exception>
    public static (StorageOptions Storage, TransportOptions Transport) Read(FarmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Postgres is not { Length: > 0 } postgres) throw new StartupException("a farm needs a database: set SANDQUEUE_Farm__Postgres to its connection string");
        if (options.RabbitMq is not { Length: > 0 } rabbit) throw new StartupException("a farm needs a broker: set SANDQUEUE_Farm__RabbitMq to amqp://user:password@host:5672");
        if (options.MaxMessageBytes < 1 << 20) throw new StartupException($"Farm:MaxMessageBytes is {options.MaxMessageBytes}; set it to 1048576 (1 MiB) or more, which an envelope may take");

        return (
            new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = FarmAddresses.Postgres(postgres) },
            new TransportOptions
            {
                RabbitMq = FarmAddresses.RabbitMq(rabbit),
                OtherNodes = FarmAddresses.RabbitMqNodes(options.RabbitMqNodes),
                Authorities = Authorities(options.RabbitMqAuthorities),
                StartTimeout = options.StartTimeout,
                MaxMessageBytes = options.MaxMessageBytes,
            });
    }

    private static X509Certificate2Collection? Authorities(string? file)
    {
        if (file is not { Length: > 0 }) return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartupException($"Farm:RabbitMqAuthorities cannot be read: {exception.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new StartupException($"Farm:RabbitMqAuthorities names {file}, which holds no certificate in PEM form");
    }

    /// <summary>Waits for both parts, and brings the database to this version's schema.</summary>
    /// <exception cref="StartupException">A part refuses access or did not come up in time.</exception>
    public static async Task WaitAsync(IServiceProvider services, FarmOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(FarmParts));
        await WaitAsync("the database", () => services.MigrateStorageAsync(cancellationToken), options, log, cancellationToken);
        await WaitAsync("the broker", () => services.GetRequiredService<BrokerProbe>().ConnectAsync(cancellationToken), options, log, cancellationToken);
    }

    private static async Task WaitAsync(string part, Func<Task> connect, FarmOptions options, ILogger log, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await connect();
                return;
            }
            catch (Exception exception) when (Refusal(exception) is { } refusal)
            {
                throw new StartupException($"{part} refused access: {refusal}");
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (time.GetElapsedTime(started) > options.StartTimeout)
                {
                    throw new StartupException($"{part} did not come up within {options.StartTimeout.TotalSeconds:0} s (Farm:StartTimeout): {exception.GetBaseException().Message}");
                }

                Waiting(log, part, exception.GetBaseException().Message);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>What no waiting fixes: a wrong password or name.</summary>
    private static string? Refusal(Exception failure) => failure switch
    {
        BrokerRefusedException refused => refused.Message,
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName } refused => refused.MessageText,
        RetryLimitExceededException { InnerException: { } inner } => Refusal(inner),
        InvalidOperationException { InnerException: PostgresException inner } => Refusal(inner),
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "waiting for {Part}: {Reason}")]
    private static partial void Waiting(ILogger log, string part, string reason);
}
