using Microsoft.AspNetCore.Connections;
using SandQueue.Gateway.Administration;
using SandQueue.Gateway.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Determinism;

namespace SandQueue.Gateway.Hosting;

/// <summary>Runs the gateway, and turns what keeps it from starting into one line.</summary>
internal static class GatewayProgram
{
    /// <summary>What shells expect of a program that Ctrl-C ended.</summary>
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (GatewayArguments.Serve.Printed(args, typeof(GatewayProgram).Assembly.GetName().Version!.ToString(3)) is { } text)
            {
                await Console.Out.WriteLineAsync(text);
                return 0;
            }

            if (args is [DeterminismProgram.Name, .. var rest])
            {
                return rest is [var environment, .. var options] && !environment.StartsWith('-')
                    ? await GatewayHost.MeasureAsync(environment, options)
                    : throw new StartupException($"{DeterminismProgram.Name} needs the name of an environment: {DeterminismProgram.Name} ENVIRONMENT [--episodes 20] [--times 3]");
            }

            if (args is [KeysCommand.Name, .. var asked])
            {
                var words = asked.TakeWhile(word => !word.StartsWith('-')).ToList();
                return await GatewayHost.ManageKeysAsync(words, asked[words.Count..]);
            }

            await using var gateway = GatewayHost.Build(args);
            await gateway.RunAsync();
            return Environment.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C before it was up.
            return Interrupted;
        }
        catch (StartupException exception)
        {
            return await exception.PrintAsync();
        }
        catch (Exception exception) when (WorkerStart.FailureOf(exception) is { } reason)
        {
            return await FailAsync(reason);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            return await FailAsync($"{exception.Message} Stop what listens there, or choose another port with --listen 127.0.0.1:PORT");
        }
        catch (IOException exception) when (exception.Message.Contains("bind", StringComparison.OrdinalIgnoreCase))
        {
            return await FailAsync($"{exception.Message} Choose another address with --listen");
        }
    }

    private static Task<int> FailAsync(string line) => new StartupException(line).PrintAsync();
}
