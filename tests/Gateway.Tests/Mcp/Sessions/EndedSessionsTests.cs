using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Tests.Mcp.Sessions;

public sealed class EndedSessionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EndedSessions _ended;

    public EndedSessionsTests() => _ended = new EndedSessions(Options.Create(new GatewayOptions { McpSessionIdle = TimeSpan.FromMinutes(1) }), _time);

    [Fact]
    public void What_one_tenant_ends_is_over_for_it_alone_and_takes_no_others_place()
    {
        _ended.Add("anna", "first");
        for (var i = 0; i <= EndedSessions.Most; i++) _ended.Add("berta", $"{i}");

        _ended.Has("anna", "first").ShouldBeTrue();
        _ended.Has("berta", "first").ShouldBeFalse();
        _ended.Has("berta", "0").ShouldBeFalse("its oldest made room");
        _ended.Has("berta", "1").ShouldBeTrue();
    }

    [Fact]
    public void One_is_forgotten_when_it_could_not_live_any_more()
    {
        _ended.Add("anna", "first");
        _time.Advance(TimeSpan.FromMinutes(2));
        _ended.Add("anna", "second");

        _ended.Has("anna", "first").ShouldBeFalse();
        _ended.Has("anna", "second").ShouldBeTrue();
    }

    [Theory]
    [InlineData("m4VzT3_pRWA1N9LCl3oOhw", true)]
    [InlineData("m4VzT3_pRWA1N9LCl3oOh", false)]
    [InlineData("m4VzT3_pRWA1N9LCl3oOhw\n", false)]
    [InlineData("m4VzT3 pRWA1N9LCl3oOhw", false)]
    public void Ids_have_the_form_that_the_SDK_gives_them(string id, bool isOne) => SessionId.HasForm(id).ShouldBe(isOne);
}
