using System.Text;
using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Tests.Mcp.Sessions;

public sealed class EpisodeSessionTests : IDisposable
{
    private static readonly OfferedTools Tools = OfferedTools.Of("""{"info":{"tools":[{"name":"move"}]}}"""u8.ToArray());

    private readonly EpisodeSession _session = new("anna", "abc");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Its_name_says_nothing_of_its_id_and_is_the_same_at_every_gateway()
    {
        using var same = new EpisodeSession("anna", "abc");
        using var other = new EpisodeSession("anna", "abd");

        _session.Name.ShouldMatch("^mcp-[0-9a-f]{16}$");
        same.Name.ShouldBe(_session.Name);
        other.Name.ShouldNotBe(_session.Name);
    }

    [Fact]
    public void Each_request_has_a_command_id_of_its_own()
    {
        RequestId[] requests = [new(0), new(1), new(-1), new(long.MaxValue), new("1"), new("0"), new(""), new(new string('x', 10_000)), new("a\0b"), new("é")];

        var ids = requests.Select(_session.CommandId).ToList();

        ids.Distinct().Count().ShouldBe(requests.Length);
        ids.ShouldAllBe(id => id.Length <= 200 && id.All(char.IsAscii) && _session.Named(id));
        requests.Select(_session.CommandId).ShouldBe(ids);
    }

    [Fact]
    public void A_step_changes_the_tools_once_and_an_older_answer_does_not_bring_them_back()
    {
        _session.Task = new OpenTask("i", "bfcl", "t", Tools, 0, "c");
        var more = Answer(2, """[{"name":"move"},{"name":"swim"}]""");

        _session.Advance("i", 1, "c1", Answer(1, """[{"name":"move"}]""")).ShouldBeFalse();
        _session.Advance("i", 2, "c2", more).ShouldBeTrue();
        _session.Advance("i", 2, "c2", more).ShouldBeFalse();
        _session.Advance("i", 1, "c1", Answer(1, "[]")).ShouldBeFalse();
        _session.Advance("another", 3, "c3", Answer(3, "[]")).ShouldBeFalse();
        _session.Task!.Tools.Takes("swim").ShouldBeTrue();
        (_session.Task.Step, _session.Task.LastCommand, _session.Task.IsStale).ShouldBe((2, "c2", false));
    }

    [Fact]
    public void A_step_behind_one_that_was_taken_elsewhere_says_that_the_tools_may_be_others()
    {
        _session.Task = new OpenTask("i", "bfcl", "t", Tools, 0, "c");

        _session.Advance("i", 2, "c2", Answer(2, """[{"name":"move"}]""")).ShouldBeTrue();
        _session.Advance("i", 3, "c3", Answer(3, """[{"name":"move"}]""")).ShouldBeTrue("nothing was read meanwhile");

        (_session.Task!.Step, _session.Task.LastCommand, _session.Task.IsStale).ShouldBe((0, "c3", true));
    }

    [Fact]
    public void What_the_database_said_is_taken_in_unless_another_request_was_faster()
    {
        var (first, second, third) = (new OpenTask("1", "bfcl", "t", Tools, 0, "c"), new OpenTask("2", "bfcl", "t", Tools, 0, "c"), new OpenTask("3", "bfcl", "t", Tools, 0, "c"));

        _session.Learn(known: null, first).ShouldBe(first);
        _session.Learn(known: null, second).ShouldBe(first);
        _session.Learn(first, third).ShouldBe(third);
        _session.Learn(first, found: null).ShouldBe(third);
        _session.Task.ShouldBe(third);
    }

    [Fact]
    public void A_command_that_was_no_step_is_remembered_with_its_instance()
    {
        _session.Task = new OpenTask("i", "bfcl", "t", Tools, 0, "c");

        _session.Note("another", "c1");
        _session.Task.LastCommand.ShouldBe("c");
        _session.Note("i", "c2");
        _session.Task.LastCommand.ShouldBe("c2");
    }

    [Fact]
    public void Only_the_instance_that_is_played_is_forgotten()
    {
        _session.Task = new OpenTask("i", "bfcl", "t", Tools, 0, "c");

        _session.Forget("another").ShouldBeFalse();
        _session.Task.ShouldNotBeNull();
        _session.Forget("i").ShouldBeTrue();
        _session.Task.ShouldBeNull();
        _session.Advance("i", 1, "c1", Answer(1, "[]")).ShouldBeFalse();
    }

    private static byte[] Answer(int step, string tools) => Encoding.UTF8.GetBytes($$$"""{"info":{"step":{{{step}}},"tools":{{{tools}}}}}""");
}
