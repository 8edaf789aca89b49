using System.Diagnostics;
using System.Globalization;
using SandQueue.Environments.Bfcl.MultiTurn;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn.Services;

/// <summary>
/// Every method of every service, given values that are as large as a message may be. A step looks at its cancellation between two calls,
/// so no single call may take long.
/// </summary>
public sealed class CostlyCallTests
{
    private const int Characters = 100_000;
    private const int MostParameters = 8;

    /// <summary>Work in proportion to the input takes tenths of a second on a busy machine; work that grows with its square takes longer than this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly (string Service, string[] First)[] Services =
    [
        ("GorillaFileSystem", [$"touch('f')", $"echo('{string.Concat(Enumerable.Repeat("ab ab\\n", Characters / 7))}', 'f')", "touch('g')", $"echo('{new string('a', Characters)}', 'g')"]),
        ("MathAPI", []),
        ("MessageAPI", ["message_login('USR001')"]),
        ("TicketAPI", ["ticket_login('a', 'b')", "create_ticket('a')"]),
        ("TradingBot", ["trading_login('a', 'b')"]),
        ("TravelAPI", ["authenticate_travel('a', 'b', 'c', 'read_write', 'e', 'f')"]),
        ("TwitterAPI", ["authenticate_twitter('john', 'john123')", "post_tweet('a')"]),
        ("VehicleControlAPI", []),
    ];

    private static readonly (string Name, string Written)[] Large =
    [
        ("text", $"'{new string('a', Characters)}'"),
        ("other text", $"'{new string('a', Characters / 2)}b{new string('a', Characters / 2 - 1)}'"),
        ("lines", $"'{string.Concat(Enumerable.Repeat("ab\\n", Characters / 4))}'"),
        ("path", $"'{string.Concat(Enumerable.Repeat("a/", Characters / 2))}'"),
        ("number", new string('9', PyRepr.MostDigits)),
        ("precision", "100000"),
        ("largest precision", "10000"),
        ("numbers", $"[{string.Join(',', Enumerable.Range(0, Characters / 7))}]"),
        ("large numbers", $"[{string.Join(',', Enumerable.Repeat(new string('9', PyRepr.MostDigits), Characters / PyRepr.MostDigits))}]"),
        ("texts", $"[{string.Join(',', Enumerable.Range(0, Characters / 9).Select(index => $"'t{index}'"))}]"),
        ("lists", $"[{string.Join(',', Enumerable.Range(0, Characters / 9).Select(index => $"[{index}]"))}]"),
        ("entries", $"{{{string.Join(',', Enumerable.Range(0, Characters / 12).Select(index => $"'t{index}':1"))}}}"),
    ];

    public static TheoryData<string> Names => [.. Services.Select(service => service.Service)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_call_takes_long(string name)
    {
        var (_, first) = Services.Single(service => service.Service == name);
        var start = ServiceCatalogue.Start(name, new Scenario(PyDict.Empty, false, null));
        var prepared = new ServiceSet([start]);
        foreach (var call in first) prepared.Execute(call);
        var slow = new List<(TimeSpan Took, string Call)>();
        foreach (var method in start.Methods.Names)
        {
            for (var count = 0; count <= MostParameters; count++)
            {
                if (!Fits(start, method, count)) continue;
                foreach (var (what, written) in Large)
                {
                    var services = prepared.Fork();
                    var clock = Stopwatch.StartNew();
                    services.Execute($"{method}({string.Join(',', Enumerable.Repeat(written, count))})");
                    slow.Add((clock.Elapsed, string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds:0} ms: {method} of {what}")));
                    if (count == 0) break;
                }
            }
        }

        slow.Count.ShouldBeGreaterThan(start.Methods.Names.Count());
        foreach (var (_, call) in slow.OrderByDescending(call => call.Took).Take(5)) TestContext.Current.TestOutputHelper?.WriteLine(call);
        slow.Max(call => call.Took).ShouldBeLessThan(Longest);
    }

    private static bool Fits(Service start, string method, int count) =>
        !new ServiceSet([start]).Execute($"{method}({string.Join(',', Enumerable.Repeat("None", count))})").Contains("positional argument", StringComparison.Ordinal);
}
