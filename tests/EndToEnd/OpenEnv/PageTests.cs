using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.EndToEnd.OpenEnv;

/// <summary>The frames that the page shows are sent, and what it says comes back does.</summary>
public sealed class PageTests
{
    private const string Mark = "<!-- frames ";

    [Fact]
    public async Task Whoever_sends_what_the_page_shows_gets_what_it_shows()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "openenv.md"), TestContext.Current.CancellationToken);
        var begin = Array.FindIndex(lines, line => line.StartsWith(Mark, StringComparison.Ordinal));
        var frames = lines.Skip(begin + 2).TakeWhile(line => line != "```").ToList();
        frames.Count.ShouldBeGreaterThan(10);
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        using var client = await FrameClient.ConnectAsync(program.Address, lines[begin][Mark.Length..^" -->".Length]);
        foreach (var frame in frames)
        {
            if (frame.StartsWith("> ", StringComparison.Ordinal)) await client.SendAsync(System.Text.Encoding.UTF8.GetBytes(frame[2..]));
            else IsAsShown((await client.ReadAsync())!.Value, frame[2..]);
        }

        (await client.ReadAsync()).ShouldBeNull("the last frame closes the connection");
        await program.EndAsync();
    }

    private static void IsAsShown(JsonElement frame, string shown)
    {
        var (text, at) = (frame.GetRawText(), 0);
        foreach (var part in shown.Split('…'))
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            found.ShouldBeGreaterThanOrEqualTo(0, $"'{part}' is not in {text} behind {at}");
            at = found + part.Length;
        }

        at.ShouldBe(text.Length, $"more than {shown} came: {text}");
    }
}
