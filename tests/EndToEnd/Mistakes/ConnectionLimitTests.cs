using System.Net.Sockets;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Mistakes;

/// <summary>A caller that opens connections and never says anything on them.</summary>
public sealed class ConnectionLimitTests
{
    private const int Limit = 4;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_others_are_served_again_once_there_is_room()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Gateway__MaxConnections", $"{Limit}"));
        var silent = new List<TcpClient>();
        try
        {
            for (var at = 0; at < 3 * Limit; at++)
            {
                var client = new TcpClient();
                silent.Add(client);
                await client.ConnectAsync(program.Address.Host, program.Address.Port, TestContext.Current.CancellationToken);
            }

            await Until.TrueAsync("those beyond the limit are closed", () => silent.Count(IsClosed) >= 2 * Limit, Wait);
            silent.Count(client => !IsClosed(client)).ShouldBeLessThanOrEqualTo(Limit);
        }
        finally
        {
            foreach (var client in silent) client.Dispose();
        }

        using var caller = new Caller(program.Address);
        await Until.TrueAsync("there is room again", async () => await AnswersAsync(caller), Wait);
    }

    private static bool IsClosed(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead) && client.Client.Available == 0;

    private static async Task<bool> AnswersAsync(Caller caller)
    {
        try
        {
            return (await caller.GetAsync("/healthz")).Body == "OK";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
