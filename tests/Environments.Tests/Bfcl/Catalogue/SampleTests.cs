using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.Catalogue;

public sealed class SampleTests
{
    private readonly BfclEnvironment _sample = BfclEnvironment.Load(null);

    [Fact]
    public void It_says_what_it_is_and_how_to_serve_the_benchmark()
    {
        _sample.Description.DataSource.ShouldContain("sample");
        _sample.Description.DataSource.ShouldContain("SANDQUEUE_BFCL_DATA");
        _sample.Description.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void It_has_tasks_of_every_rule_and_language()
    {
        _sample.ListTasks("all").Count.ShouldBeGreaterThanOrEqualTo(20);
        foreach (var category in new[] { "simple_python", "simple_java", "simple_javascript", "multiple", "parallel", "irrelevance", "live_relevance" })
        {
            _sample.ListTasks(category).ShouldNotBeEmpty(category);
        }
    }

    [Fact]
    public void An_empty_setting_is_no_setting()
    {
        BfclEnvironment.Load(" ").ListTasks("all").ShouldBe(_sample.ListTasks("all"));
    }
}
