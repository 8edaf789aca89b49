using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Creation;

public sealed class CreateExecutionTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _worker = await TestWorker.StartAsync(store, instances: 2, containers: 2);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task A_create_is_in_the_journal_when_it_is_answered()
    {
        var command = _worker.NewCreate(parameters: """{"seed": 3, "max_steps" : 7}""") with { SandboxId = "box" };

        var reply = await _worker.SendAsync(command);

        (reply.End, reply.Owner).ShouldBe((CommandEnd.Completed, _worker.Name));
        var answer = reply.Json();
        answer.GetProperty("state").GetArrayLength().ShouldBe(2);
        answer.GetProperty("info").GetProperty("instance_id").GetString().ShouldBe("i");
        var row = await _worker.RowAsync();
        (row.State, row.Owner, row.Epoch, row.NextStep, row.MaxSteps, row.SandboxId).ShouldBe((InstanceState.Live, _worker.Name, 1, 1, 7, "box"));
        row.Params.ShouldBe(command.Params);
        var entry = (await _worker.EpisodeAsync()).ShouldHaveSingleItem();
        (entry.Kind, entry.Step, entry.CommandId).ShouldBe((JournalKind.Create, 0, command.CommandId));
        entry.Answer.ShouldBe(reply.Answer);
    }

    [Theory]
    [InlineData("""{"max_steps":0}""", "params.max_steps must be an integer above 0")]
    [InlineData("""{"seed":"7"}""", "params.seed must be an integer")]
    [InlineData("""{"sparse":"yes"}""", "params.sparse must be true or false, not \"yes\"")]
    [InlineData("""{"prompt_template":["x"]}""", "params.prompt_template must be a string or an object")]
    [InlineData("""{"prompt_template":{"sytem":"x"}}""", "there is no params.prompt_template.sytem (did you mean system?); there is system, user")]
    public async Task What_every_environment_takes_is_checked_whatever_its_server_does(string parameters, string said)
    {
        var reply = await _worker.SendAsync(_worker.NewCreate(parameters: parameters));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.InvalidRequest));
        reply.Detail!.ShouldContain(said);
        _worker.Made.ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_parameters_are_for_the_server_to_know()
    {
        await _worker.CreateAsync(parameters: """{"difficulty":[1,{"a":2}],"sparse":true,"prompt_template":{"sytem":null}}""");
        _worker.Made.ShouldHaveSingleItem().Request.Params.ToArray().ShouldBe("""{"difficulty":[1,{"a":2}],"sparse":true,"prompt_template":{"sytem":null}}"""u8.ToArray());
    }

    [Fact]
    public async Task The_same_create_again_gets_the_first_answer()
    {
        var command = _worker.NewCreate();
        var first = await _worker.SendAsync(command);
        await _worker.StepAsync("{}");

        (await _worker.SendAsync(command)).Answer.ShouldBe(first.Answer);
        (await _worker.SendAsync(_worker.NewCreate())).Answer.ShouldBe(first.Answer, "the instance lives, and the content is the same");
        _worker.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_living_name_with_other_content_is_a_conflict()
    {
        await _worker.CreateAsync();

        foreach (var other in (CreateInstance[])[_worker.NewCreate(taskId: "t2"), _worker.NewCreate(parameters: """{"seed":1}""")])
        {
            var reply = await _worker.SendAsync(other);
            (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        }

        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task The_same_command_id_under_another_name_gets_the_first_answer_and_leaves_nothing_behind()
    {
        // As when a gateway makes up the name for a caller that sends its Create again.
        var command = _worker.NewCreate("first");
        var first = await _worker.SendAsync(command);

        var again = await _worker.SendAsync(command with { InstanceId = "second" });

        again.Answer.ShouldBe(first.Answer);
        (await store.Instances.FindLivingAsync(command.Tenant, "second", Cancel)).ShouldBeNull();
        _worker.Owned.Count.ShouldBe(1);
        _worker.Pool.FreeSlots.ShouldBe(3);
    }

    [Fact]
    public async Task The_same_command_id_for_another_task_is_a_conflict()
    {
        var command = _worker.NewCreate("first");
        await _worker.SendAsync(command);

        var reply = await _worker.SendAsync(command with { InstanceId = "second", TaskId = "t2" });

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        (await store.Instances.FindLivingAsync(command.Tenant, "second", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_repeated_create_waits_for_the_one_that_runs()
    {
        var gate = new Gate();
        _worker.Environment.Creating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = _worker.NewCreate();
        var first = _worker.SendAsync(command);
        await gate.Arrived;
        var repeated = _worker.SendAsync(command);
        var renamed = _worker.SendAsync(_worker.NewCreate());

        gate.Open();

        (await repeated).Answer.ShouldBe((await first).Answer);
        (await renamed).Answer.ShouldBe((await first).Answer);
        _worker.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_step_that_comes_while_its_instance_is_made_waits_for_it()
    {
        var gate = new Gate();
        _worker.Environment.Creating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var created = _worker.SendAsync(_worker.NewCreate());
        await gate.Arrived;
        var stepped = _worker.SendAsync(_worker.NewStep("{}"));

        gate.Open();

        (await created).End.ShouldBe(CommandEnd.Completed);
        (await stepped).Step().ShouldBe(1);
    }

    [Fact]
    public async Task A_create_that_fails_frees_its_name_and_its_room()
    {
        _worker.Environment.Creating = (_, _) => throw new EnvironmentFailedException("it broke");

        var failed = await _worker.SendAsync(_worker.NewCreate());
        _worker.Environment.Creating = (_, _) => Task.CompletedTask;
        var next = await _worker.SendAsync(_worker.NewCreate(taskId: "t2"));

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Detail!.ShouldContain("it broke");
        next.End.ShouldBe(CommandEnd.Completed);
        _worker.Pool.FreeSlots.ShouldBe(3);
    }

    [Fact]
    public async Task A_create_that_waited_for_one_that_failed_makes_the_instance_itself()
    {
        var gate = new Gate();
        _worker.Environment.Creating = async (_, cancellationToken) =>
        {
            await gate.PassAsync(cancellationToken);
            _worker.Environment.Creating = (_, _) => Task.CompletedTask;
            throw new EnvironmentFailedException("it broke");
        };
        var first = _worker.SendAsync(_worker.NewCreate());
        await gate.Arrived;
        var second = _worker.SendAsync(_worker.NewCreate());

        gate.Open();

        (await first).End.ShouldBe(CommandEnd.Failed);
        (await second).End.ShouldBe(CommandEnd.Completed);
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task A_create_that_waited_for_a_release_makes_the_instance_again()
    {
        await _worker.CreateAsync();
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var step = _worker.SendAsync(_worker.NewStep("{}"));
        await gate.Arrived;
        var release = _worker.SendAsync(_worker.NewRelease());
        var create = _worker.SendAsync(_worker.NewCreate(taskId: "t2"));

        gate.Open();

        (await step).End.ShouldBe(CommandEnd.Completed);
        (await release).End.ShouldBe(CommandEnd.Completed);
        (await create).End.ShouldBe(CommandEnd.Completed);
        (await _worker.RowAsync()).TaskId.ShouldBe("t2");
    }

    [Fact]
    public async Task An_instance_whose_container_died_while_it_was_made_is_made_in_another_and_has_its_image()
    {
        _worker.Environment.Creating = (_, _) =>
        {
            _worker.Environment.Creating = (_, _) => Task.CompletedTask;
            _worker.Runtime.Shape = container => container.ImageDigest = "sha256:1";
            _worker.Runtime.Running[^1].Exit();
            throw new EnvironmentFailedException("the environment's container exited");
        };

        var reply = await _worker.CreateAsync();

        reply.Json().GetProperty("info").GetProperty("provenance").GetProperty("image_digest").GetString().ShouldBe("sha256:1");
        (await _worker.RowAsync()).ImageDigest.ShouldBe("sha256:1");
        _worker.Pool.FreeSlots.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_instance_whose_server_hung_or_ended_while_it_was_made_is_made_in_another_container(bool hung)
    {
        _worker.Environment.Creating = (_, _) =>
        {
            _worker.Environment.Creating = (_, _) => Task.CompletedTask;
            throw hung ? new EnvironmentTimeoutException(TimeSpan.FromSeconds(20)) : new EnvironmentGoneException("nobody listens");
        };

        (await _worker.SendAsync(_worker.NewCreate())).End.ShouldBe(CommandEnd.Completed);

        _worker.Runtime.Started.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"state":[{"role":"user","content":"alone"}],"info":{}}""", "two messages")]
    [InlineData("no JSON", "cannot be read")]
    public async Task An_initial_state_of_a_foreign_shape_is_a_failure_that_frees_the_name_and_the_slot(string answer, string why)
    {
        _worker.Environment.Opening = answer;

        var failed = await _worker.SendAsync(_worker.NewCreate());

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Detail!.ShouldContain(why);
        _worker.Environment.Opening = null;
        await _worker.CreateAsync();
        _worker.Made[0].IsReleased.ShouldBeTrue();
        _worker.Pool.FreeSlots.ShouldBe(3);
    }

    [Fact]
    public async Task What_the_environment_refuses_frees_the_name()
    {
        _worker.Environment.Creating = (request, _) => request.TaskId == "nope" ? throw new EnvironmentRejectedException("there is no task nope") : Task.CompletedTask;

        var refused = await _worker.SendAsync(_worker.NewCreate(taskId: "nope"));

        (refused.End, refused.Reason, refused.Detail).ShouldBe((CommandEnd.Rejected, CommandReason.InvalidRequest, "there is no task nope"));
        (await _worker.SendAsync(_worker.NewCreate())).End.ShouldBe(CommandEnd.Completed);
    }

    [Theory]
    [InlineData("""{"max_steps":0}""")]
    [InlineData("""{"max_steps":"3"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("3")]
    public async Task Wrong_params_are_refused_and_make_nothing(string parameters)
    {
        var reply = await _worker.SendAsync(_worker.NewCreate(parameters: parameters));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.InvalidRequest));
        _worker.Owned.Count.ShouldBe(0);
        (await store.Instances.FindNewestAsync(_worker.Tenant, "i", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task An_environment_nobody_serves_here_is_refused()
    {
        var reply = await _worker.SendAsync(_worker.NewCreate() with { EnvType = "other" });
        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.InvalidRequest));
        reply.Detail!.ShouldContain("'other'");
    }

    [Fact]
    public async Task Without_room_a_create_waits_for_it()
    {
        for (var index = 0; index < 4; index++) await _worker.CreateAsync($"i{index}");
        var waiting = _worker.SendAsync(_worker.NewCreate("late"));

        await _worker.SendAsync(_worker.NewRelease("i0"));

        (await waiting).End.ShouldBe(CommandEnd.Completed);
        (_worker.Pool.FreeSlots, _worker.Owned.Count).ShouldBe((0, 4));
    }

    [Fact]
    public async Task A_full_worker_gives_a_create_back_for_one_that_is_not()
    {
        var given = new TaskCompletionSource<CreateInstance>(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker.Bus.Deliver = given.SetResult;
        for (var index = 0; index < 4; index++) await _worker.CreateAsync($"i{index}");
        var command = _worker.NewCreate("late");

        var taken = _worker.Get<InstanceCreation>().CreateAsync(command, FakeBus.ReplyTo);
        await Until.TrueAsync("the worker waited for half a second", () =>
        {
            store.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(taken.IsCompleted);
        }, TimeSpan.FromSeconds(30));
        await taken;

        var returned = await given.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        returned.ShouldBe(command with { RemainingMs = returned.RemainingMs });
        returned.RemainingMs.ShouldBeInRange(1, command.RemainingMs + 1);
        _worker.Bus.HasReply(command.CommandId).ShouldBeFalse();
        _worker.Owned.Count.ShouldBe(4);
        (await store.Instances.FindNewestAsync(command.Tenant, "late", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_second_create_for_a_living_name_has_an_end_of_its_own()
    {
        var first = await _worker.SendAsync(_worker.NewCreate());
        var second = _worker.NewCreate();
        (await _worker.SendAsync(second)).Answer.ShouldBe(first.Answer);
        (await _worker.SendAsync(_worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);

        var again = await _worker.SendAsync(second);

        again.Answer.ShouldBe(first.Answer, "a copy that was under way must not make the instance again");
        _worker.Made.Count.ShouldBe(1);
        (await _worker.RowAsync()).State.ShouldBe(InstanceState.Released);
    }

    [Fact]
    public async Task A_create_whose_worker_died_over_it_is_made_anew_by_the_next()
    {
        var gate = new Gate();
        _worker.Environment.Creating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = _worker.NewCreate();
        _ = _worker.SendAsync(command);
        await gate.Arrived;
        await _worker.CrashAsync();
        await using var next = await TestWorker.StartAsync(store);

        var reply = await next.SendAsync(command);

        (reply.End, reply.Owner).ShouldBe((CommandEnd.Completed, next.Name));
        (await next.SendAsync(next.NewStep("{}") with { Tenant = _worker.Tenant })).Step().ShouldBe(1);
        gate.Open();
    }

    [Fact]
    public async Task Two_hundred_instances_live_side_by_side()
    {
        await using var worker = await TestWorker.StartAsync(store, instances: 50, containers: 4);
        worker.Environment.Stepping = async (_, _, _) => await Task.Yield();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async index =>
        {
            var name = $"i{index}";
            await worker.CreateAsync(name);
            for (var step = 1; step <= 3; step++) (await worker.StepAsync($$"""{"of":{{index}}}""", name)).Step().ShouldBe(step);
            (await worker.SendAsync(worker.NewEvaluate(name))).End.ShouldBe(CommandEnd.Completed);
        }));

        worker.Pool.FreeSlots.ShouldBe(0);
        worker.Runtime.Started.Count.ShouldBe(4);
        worker.Made.Count.ShouldBe(200);
        worker.Made.ShouldAllBe(instance => !instance.WasDisturbed && instance.Done.Count == 4 && instance.Done.Take(3).Distinct().Count() == 1);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(index => worker.SendAsync(worker.NewRelease($"i{index}"))));
        (worker.Owned.Count, worker.Pool.FreeSlots).ShouldBe((0, 200));
        (await worker.EpisodeAsync("i77")).Select(entry => entry.Kind).ShouldBe(
            [JournalKind.Create, JournalKind.Step, JournalKind.Step, JournalKind.Step, JournalKind.Evaluate, JournalKind.Release]);
    }
}
