using System.Text;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Protocols.Recorded;
using SandQueue.Workers.Runtimes.Recorded;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Protocols.Recorded;

/// <summary>Episodes of the journal as instances: what they answer, and what they refuse.</summary>
public sealed class RecordedProtocolTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private static readonly EnvironmentOptions Options = new() { Protocol = ProtocolNames.Recorded };

    private TestWorker _worker = null!;
    private JournalContainer _container = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_worker, _container) = (await TestWorker.StartAsync(store), new JournalContainer("recorded-1"));
        _worker.Environment.EvaluateAnswer = instance => $$"""{"score":0.{{instance.Done.Count}},"done":{{instance.Done.Count}}}""";
    }

    public async ValueTask DisposeAsync()
    {
        await _container.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task It_is_replayable_and_has_more_tasks_than_it_lists()
    {
        var description = await Protocol().DescribeAsync(_container, "recorded", Cancel);

        EnvironmentTraits.Read(description).Replayable.ShouldBeTrue();
        Encoding.UTF8.GetString(description.Span).ShouldContain("\"unlimited\":true");
        (await Should.ThrowAsync<EnvironmentRejectedException>(Protocol().ListTasksAsync(_container, "recorded", "train", Cancel))).Message.ShouldContain("ENV/TASK");
    }

    [Fact]
    public async Task Answers_are_the_recorded_ones_byte_for_byte()
    {
        await PlayAsync("i", """{"a": 1}""", "b");
        var instance = await MakeAsync("fake/t1");

        Encoding.UTF8.GetString(instance.Opening.Span).ShouldContain("\"recorded_episode\":");
        var recorded = (await _worker.EpisodeAsync()).ConvertAll(entry => entry.Answer);
        (await StepAsync(instance, """{"a":1.0}""")).ShouldBe(recorded[1], "its meaning counts");
        (await StepAsync(instance, "b")).ShouldBe(recorded[2]);
    }

    [Fact]
    public async Task A_miss_names_both_and_moves_nothing()
    {
        var same = new string('x', 500);
        await PlayAsync("i", $"{same} left {same}");
        var instance = await MakeAsync("fake/t1");

        var miss = await Should.ThrowAsync<EnvironmentRejectedException>(StepAsync(instance, $"{same} right {same}"));

        miss.Reason.ShouldBe(CommandReason.RecordedMiss);
        miss.Message.ShouldContain("step 1 of episode ");
        miss.Message.ShouldContain(" left x");
        miss.Message.ShouldContain(" right x");
        miss.Message.Length.ShouldBeLessThan(600);
        (await StepAsync(instance, $"{same} left {same}")).ShouldNotBeEmpty();
        (await Should.ThrowAsync<EnvironmentRejectedException>(StepAsync(instance, "more"))).Message.ShouldContain("has 1 step; it has no step 2");
    }

    [Fact]
    public async Task A_score_is_that_of_the_same_step_or_there_is_none()
    {
        await _worker.CreateAsync();
        await _worker.StepAsync("a");
        await _worker.SendAsync(_worker.NewEvaluate());
        await _worker.StepAsync("b");
        await _worker.StepAsync("c");
        await _worker.SendAsync(_worker.NewEvaluate());
        await _worker.SendAsync(_worker.NewRelease());
        var instance = await MakeAsync("fake/t1");
        await StepAsync(instance, "a");
        (await ScoreAsync(instance, "")).ShouldContain("\"score\":0.2");
        (await ScoreAsync(instance, """{"sparse":true}""")).ShouldBe("0.2", "the number is the same in both forms");
        await StepAsync(instance, "b");

        var miss = await Should.ThrowAsync<EnvironmentRejectedException>(ScoreAsync(instance, ""));

        (miss.Reason, miss.Message.EndsWith("was evaluated after step 1, 3 and not after step 2, so that there is no score", StringComparison.Ordinal)).ShouldBe((CommandReason.RecordedMiss, true), miss.Message);
        await StepAsync(instance, "c");
        (await ScoreAsync(instance, "")).ShouldContain("\"score\":0.5");
    }

    [Fact]
    public async Task The_newest_episode_with_the_params_that_are_given_answers()
    {
        await PlayAsync("i", ["a"], """{"seed":1}""");
        await PlayAsync("i", ["b"], """{"seed":2}""");

        await StepAsync(await MakeAsync("fake/t1"), "b");
        await StepAsync(await MakeAsync("fake/t1", """{"seed": 1}"""), "a");
        (await Should.ThrowAsync<EnvironmentRejectedException>(MakeAsync("fake/t1", """{"seed":3}"""))).Message.ShouldContain("none was made with these params");
    }

    [Fact]
    public async Task An_instance_that_is_made_again_is_of_the_episode_that_it_was_of()
    {
        await PlayAsync("i", "a");
        var before = await MakeAsync("fake/t1");
        await PlayAsync("i", "b");

        var again = await Protocol().CreateAsync(
            _container, new NewInstance("recorded", "fake/t1", "e2", default) { Tenant = _worker.Tenant, IsReplay = true, RecordedOpening = _ => Task.FromResult(before.Opening.ToArray()) }, Cancel);

        again.Opening.ToArray().ShouldBe(before.Opening.ToArray());
        await StepAsync(again, "a");
    }

    [Theory]
    [InlineData("t1")]
    [InlineData("/t1")]
    [InlineData("fake/")]
    [InlineData("episode:")]
    [InlineData("episode:-1")]
    public async Task What_is_no_task_is_refused(string task) => (await Should.ThrowAsync<EnvironmentRejectedException>(MakeAsync(task))).Message.ShouldContain("a task is ENV/TASK");

    [Fact]
    public async Task An_episode_that_has_not_ended_or_is_of_another_tenant_is_none()
    {
        await _worker.CreateAsync();
        (await Should.ThrowAsync<EnvironmentRejectedException>(MakeAsync("fake/t1"))).Message.ShouldContain("no ended episode of yours");
        await _worker.SendAsync(_worker.NewRelease());
        await MakeAsync("fake/t1");
        var theirs = new NewInstance("recorded", "fake/t1", "e1", default) { Tenant = "other" };
        (await Should.ThrowAsync<EnvironmentRejectedException>(Protocol().CreateAsync(_container, theirs, Cancel))).Message.ShouldContain("no ended episode of yours");
    }

    private RecordedProtocol Protocol() => (RecordedProtocol)new EnvironmentProtocols(TimeProvider.System, new Recordings(store.Exports, store.Episodes)).Create("recorded", Options);

    private Task<IEnvironmentInstance> MakeAsync(string task, string parameters = "") =>
        Protocol().CreateAsync(_container, new NewInstance("recorded", task, "e1", Encoding.UTF8.GetBytes(parameters)) { Tenant = _worker.Tenant }, Cancel);

    private static async Task<byte[]> StepAsync(IEnvironmentInstance instance, string action) => (await instance.StepAsync(Encoding.UTF8.GetBytes(action), default, Cancel)).ToArray();

    private static async Task<string> ScoreAsync(IEnvironmentInstance instance, string parameters) =>
        Encoding.UTF8.GetString((await instance.EvaluateAsync(default, Encoding.UTF8.GetBytes(parameters), Cancel)).Span);

    private Task PlayAsync(string instance, params string[] actions) => PlayAsync(instance, actions, "");

    private async Task PlayAsync(string instance, string[] actions, string parameters)
    {
        await _worker.CreateAsync(instance, parameters);
        foreach (var action in actions) await _worker.StepAsync(action, instance);
        await _worker.SendAsync(_worker.NewRelease(instance));
    }
}
