using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.Catalogue;

public sealed class RealTasksTests
{
    private readonly BfclEnvironment _environment = RealData.Require();

    [Theory]
    [InlineData("simple_python", 400)]
    [InlineData("simple_java", 100)]
    [InlineData("simple_javascript", 50)]
    [InlineData("multiple", 200)]
    [InlineData("parallel", 200)]
    [InlineData("parallel_multiple", 200)]
    [InlineData("irrelevance", 240)]
    [InlineData("live_simple", 258)]
    [InlineData("live_multiple", 1053)]
    [InlineData("live_parallel", 16)]
    [InlineData("live_parallel_multiple", 24)]
    [InlineData("live_irrelevance", 884)]
    [InlineData("live_relevance", 16)]
    [InlineData("single_turn", 3641)]
    [InlineData("live", 2251)]
    [InlineData("non_live", 1390)]
    [InlineData("python", 3491)]
    [InlineData("non_python", 150)]
    public void A_category_or_group_has_all_its_tasks_and_falls_into_two_halves(string name, int count)
    {
        var all = _environment.ListTasks(name);
        all.Count.ShouldBe(count);
        var (train, val) = (_environment.ListTasks(name + "_train"), _environment.ListTasks(name + "_val"));
        train.Count.ShouldBe(count / 2);
        train.Concat(val).ShouldBe(all, ignoreOrder: true);
        train.ShouldBeSubsetOf(_environment.ListTasks("train"));
        val.ShouldBeSubsetOf(_environment.ListTasks("val"));
    }

    [Fact]
    public void Halves_are_cut_in_file_order()
    {
        _environment.ListTasks("multiple_train").ShouldBe(Enumerable.Range(0, 100).Select(number => $"multiple_{number}"));
        _environment.ListTasks("multiple_val").ShouldBe(Enumerable.Range(100, 100).Select(number => $"multiple_{number}"));
    }

    [Fact]
    public void Train_and_val_share_nothing_and_test_is_val()
    {
        var (train, val) = (_environment.ListTasks("train"), _environment.ListTasks("val"));
        train.Intersect(val).ShouldBeEmpty();
        train.Concat(val).ShouldBe(_environment.ListTasks("all"), ignoreOrder: true);
        _environment.ListTasks("test").ShouldBe(val);
    }

    [Fact]
    public void Nothing_is_wrong_with_the_published_files()
    {
        // Beside the data published as JSON, one file of the official program may be there or not.
        _environment.Description.Problems.ShouldAllBe(problem => problem.Contains("long_context.py"));
    }

    [Fact]
    public void Every_task_opens_with_tools_and_a_question()
    {
        foreach (var id in _environment.ListTasks("single_turn"))
        {
            using var instance = _environment.Create(id, EpisodeParameters.None);
            var opening = instance.Opening;
            opening.System.ShouldContain("<tools>", customMessage: id);
            opening.User.ShouldNotBeNull(id);
            ((string?)opening.Info!["test_id"]).ShouldBe(id);
        }
    }

    [Fact]
    public void A_task_that_begins_with_a_conversation_tells_it_in_the_one_user_message()
    {
        using var instance = _environment.Create("live_irrelevance_298-73-5", EpisodeParameters.None);
        instance.Opening.User.ShouldBe(
            "The conversation so far:\n\n[user]\ned\n\n[user]\ned\n\n"
            + "[assistant]\n{\"content\":\"I'm sorry, but I can't assist with that.\",\"role\":\"assistant\"}\n\n"
            + "The message to answer now:\n\nmenggokil");
    }

    [Fact]
    public void A_tasks_own_system_message_ends_ours()
    {
        using var instance = _environment.Create("live_simple_59-28-0", EpisodeParameters.None);
        instance.Opening.System.ShouldEndWith("consider / calculate / default the movie date to current date (today's date) in India.");
        instance.Opening.User.ShouldBe("What movies are playing today in Mumbai?");
    }
}
