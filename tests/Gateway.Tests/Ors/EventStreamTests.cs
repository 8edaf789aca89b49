using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Gateway.Ors.Calls;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.Ors;

public sealed class EventStreamTests
{
    [Fact]
    public async Task While_nothing_is_told_it_says_that_it_is_still_there()
    {
        var (time, body) = (new FakeTimeProvider(), new MemoryStream());
        var context = new DefaultHttpContext { Response = { Body = body } };
        await using (var events = EventStream.Begin(context, time))
        {
            await events.SendAsync("task_id", "1");
            time.Advance(TimeSpan.FromSeconds(10));
            await Until.TrueAsync("a comment is sent", () => Encoding.ASCII.GetString(body.ToArray()).Contains(": still there\n\n", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
            await events.SendAsync("end", "{}");
        }

        Encoding.ASCII.GetString(body.ToArray()).ShouldBe("event: task_id\ndata: 1\n\n: still there\n\nevent: end\ndata: {}\n\n");
        context.Response.ContentType.ShouldBe("text/event-stream");
    }

    [Theory]
    [InlineData(4095, 1)]
    [InlineData(4096, 1)]
    [InlineData(4097, 2)]
    [InlineData(0, 0)]
    public void A_result_is_cut_where_a_piece_is_full(int length, int pieces)
    {
        var cut = ResultPieces.Of(new string('x', length)).ToList();
        cut.Count.ShouldBe(pieces);
        string.Concat(cut).Length.ShouldBe(length);
    }

    [Fact]
    public void No_piece_begins_with_a_blank()
    {
        var json = $"\"{new string(' ', 20_000)}\"";
        var cut = ResultPieces.Of(json).ToList();
        cut.ShouldAllBe(piece => piece.Length <= 4096 && piece[0] != ' ');
        System.Text.Json.JsonElement.Parse(string.Concat(cut)).GetString().ShouldBe(new string(' ', 20_000));
    }
}
