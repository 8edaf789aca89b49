using System.Net.ServerSentEvents;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Tests.RestV1.Answers;

public sealed class EventStreamTests
{
    private readonly FakeLogger<EventStream> _log = new();
    private readonly EventStream _stream;

    public EventStreamTests() => _stream = new EventStream(Options.Create(new GatewayOptions { EventStreams = 1 }), _log);

    [Fact]
    public async Task A_tenant_has_as_many_streams_as_it_may_and_room_again_when_one_ends()
    {
        var ending = new TaskCompletionSource();
        var first = _stream.WriteAsync(Of("anna"), UntilAsync(ending.Task));

        (await Should.ThrowAsync<BadRequestException>(() => _stream.WriteAsync(Of("anna"), UntilAsync(Task.CompletedTask)))).Status.ShouldBe(StatusCodes.Status429TooManyRequests);
        await _stream.WriteAsync(Of("berta"), UntilAsync(Task.CompletedTask));
        ending.SetResult();
        await first;
        await _stream.WriteAsync(Of("anna"), UntilAsync(Task.CompletedTask));
    }

    [Fact]
    public async Task One_that_ends_for_want_of_a_database_is_in_the_log()
    {
        await _stream.WriteAsync(Of("anna"), UntilAsync(Task.FromException(new SqliteException("away", 5))));

        _log.Collector.GetSnapshot().ShouldHaveSingleItem().Message.ShouldContain("the database cannot be reached");
    }

    private static DefaultHttpContext Of(string tenant) => new() { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, tenant)], "test")) };

    private static async IAsyncEnumerable<SseItem<byte[]>> UntilAsync(Task ending)
    {
        yield return EventStream.Event("waiting", [.. "{}"u8]);
        await ending;
    }
}
