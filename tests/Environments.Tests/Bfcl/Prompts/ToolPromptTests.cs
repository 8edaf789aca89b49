using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.Prompts;

public sealed class ToolPromptTests
{
    private const string Task = "live_simple_sample0";

    private readonly BfclEnvironment _sample = BfclEnvironment.Load(null);

    [Fact]
    public void By_default_each_tool_stands_on_a_line_of_a_block()
    {
        var opening = Open("{}");
        var tools = Encoding.UTF8.GetString(opening.Tools.Span);
        opening.System.ShouldContain($"\n<tools>\n{tools[1..^1]}\n</tools>\n");
        opening.System.ShouldContain("<tool_call>");
        opening.System.ShouldEndWith("\n\nYou look after the lights of a small house. Change nothing that was not asked for.");
        opening.User.ShouldBe("Turn the hallway lamp to 40 percent.");
    }

    [Fact]
    public void The_json_style_shows_the_list_itself()
    {
        var opening = Open("""{"tool_prompt": "json"}""");
        opening.System.ShouldContain(Encoding.UTF8.GetString(opening.Tools.Span));
        opening.System.ShouldNotContain("<tools>");
        opening.System.ShouldContain("<tool_call>");
    }

    [Fact]
    public void Without_a_tool_prompt_the_tools_are_only_in_the_info()
    {
        var opening = Open("""{"tool_prompt": "none"}""");
        opening.System.ShouldNotContain("set_lamp");
        opening.System.ShouldNotContain("<tool_call>");
        Encoding.UTF8.GetString(opening.Tools.Span).ShouldContain("set_lamp");
    }

    [Fact]
    public void An_unknown_style_names_the_known_ones()
    {
        Should.Throw<InvalidRequestException>(() => Open("""{"tool_prompt": "yaml"}"""))
            .Message.ShouldBe("params.tool_prompt must be \"xml\", \"json\" or \"none\", not \"yaml\"");
    }

    [Fact]
    public void A_callers_template_has_slots_for_tools_question_and_the_tasks_own_instructions()
    {
        var opening = Open("""{"prompt_template": {"system": "{{instructions}}|{{tools}}", "user": "Q: {{question}}"}}""");
        opening.System.ShouldStartWith("You look after the lights of a small house. Change nothing that was not asked for.|<tools>\n{");
        opening.User.ShouldBe("Q: Turn the hallway lamp to 40 percent.");
    }

    [Fact]
    public void An_unknown_slot_is_refused_at_create()
    {
        Should.Throw<InvalidRequestException>(() => Open("""{"prompt_template": "{{functions}}"}""")).Message.ShouldContain("{{tools}}");
    }

    [Fact]
    public void The_info_counts_tools_and_questions()
    {
        Open("{}").Info!.ToJsonString().ShouldBe("""{"test_id":"live_simple_sample0","tools_count":1,"questions_count":1}""");
    }

    [Fact]
    public void The_opening_can_be_asked_for_again()
    {
        using var instance = _sample.Create(Task, EpisodeParameters.None);
        instance.Opening.System.ShouldBe(instance.Opening.System);
    }

    private Opening Open(string parameters)
    {
        using var instance = _sample.Create(Task, new EpisodeParameters(JsonElement.Parse(parameters)));
        return instance.Opening;
    }
}
