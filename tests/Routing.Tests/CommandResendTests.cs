using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Connections;
using SandQueue.Testing;

namespace SandQueue.Routing.Tests;

public sealed class CommandResendTests : RouterTest
{
    [Fact]
    public async Task A_command_that_was_sent_waits_for_its_reply_though_its_owner_cannot_be_looked_up_again()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 60_000);
        var (_, command) = await NextAwaitedAsync();
        await Store.BreakAsync("instances");

        await PassAsync(TimeSpan.FromSeconds(4));
        sent.IsCompleted.ShouldBeFalse("a worker may execute the step");
        Reply(command, owner: "w1");

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_command_that_was_sent_is_sent_again_once_the_database_is_back()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 3_600_000);
        await NextAwaitedAsync();
        await Store.BreakAsync("instances");
        await PassAsync(TimeSpan.FromSeconds(4));
        await Store.RestoreAsync("instances");

        await Until.TrueAsync("it is sent again", SentAgain, TimeSpan.FromSeconds(20));

        var (_, again) = await NextAsync();
        Reply(again, owner: "w1");
        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task The_end_of_a_command_that_was_sent_is_unknown_where_the_database_stays_away()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 20_000);
        await NextAwaitedAsync();
        foreach (var table in (string[])["instances", "journal"]) await Store.BreakAsync(table);

        await Until.TrueAsync("the command's time is over", () => Passed(sent), TimeSpan.FromSeconds(20));

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Unknown>();
    }

    [Fact]
    public async Task A_command_that_was_never_sent_fails_at_once_where_the_database_is_away()
    {
        await Store.BreakAsync("instances");
        DatabaseFailure.Is(await Should.ThrowAsync<Exception>(SoonAsync(SendAsync("i", remainingMs: 20_000)))).ShouldBeTrue();
        Messages.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task A_reply_is_not_held_up_by_a_lookup_that_hangs()
    {
        var lookup = new TaskCompletionSource<CommandReply?>();
        var command = new StepInstance { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, InstanceId = "i", Action = [] };
        var hangs = new TaskCompletionSource();
        var answered = Services.GetRequiredService<CommandResend>().RunAsync(
            command,
            (_, history, _) =>
            {
                if (history.Attempts == 0) return Task.FromResult<CommandReply?>(null);
                hangs.TrySetResult();
                return lookup.Task;
            },
            Cancel);
        Store.Time.Advance(TimeSpan.FromSeconds(4));
        await hangs.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        Reply(command, owner: "w1");

        (await answered.WaitAsync(TimeSpan.FromSeconds(20), Cancel))!.End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task An_answer_that_only_the_journal_has_is_unknown_where_the_journal_is_away()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i");
        var (_, command) = await NextAsync();
        await Store.BreakAsync("journal");

        Services.GetRequiredService<PendingCommands>().Complete(CommandReply.Completed(command, []) with { AnswerIsTooLarge = true, Owner = "w1" });

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Unknown>();
    }

    /// <summary>The router pauses between attempts that fail at once, so time goes on in small steps.</summary>
    private Task<bool> SentAgain()
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(Messages.HasMore);
    }

    private Task<bool> Passed(Task sent)
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(sent.IsCompleted);
    }
}
