using SandQueue.Workers.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

public sealed class AgentNamesTests
{
    [Theory]
    [InlineData("print(apis.notes.show(page_index=0))", "page_index")]
    [InlineData("songs = apis.spotify.show(access_token=token)[0]['x']", "access_token songs token")]
    [InlineData("for a, (b, *c) in d.items():\n  with e() as f:\n    pass", "a b c d e f")]
    [InlineData("import json as j\nfrom math import pi, tau as t", "j json math pi t tau")]
    [InlineData("x = 'no = name' # and_none = 1\ny = \"\"\"\nz = 1\n\"\"\"", "x y")]
    [InlineData("x = f'{value}' 'more'", "x")]
    [InlineData("r = re.compile(r'\\d+').match(s)", "r re s")]
    [InlineData("def f(a=1): return a", "a f")]
    [InlineData("x = ...\ny", "x y")]
    [InlineData("ok = a == b and c != d <= e", "a b c d e ok")]
    public void Every_name_that_may_be_bound_is_known(string code, string names)
    {
        var agent = new AgentNames();
        agent.Read(code);
        (agent.Unknown, string.Join(' ', agent.All)).ShouldBe((null, names));
    }

    [Theory]
    [InlineData("exec('x = 1')")]
    [InlineData("setattr(json, 'x', 1)")]
    [InlineData("__builtins__")]
    [InlineData("json.__dict__['x'] = 1")]
    [InlineData("from math import *")]
    [InlineData("%time x = 1")]
    [InlineData("x = !ls")]
    [InlineData("json?")]
    [InlineData("json.dumps = None")]
    [InlineData("json.count += 1")]
    [InlineData("[y := 1]")]
    [InlineData("f\"{d[\"a\"]}\"")]
    [InlineData("x = 'open")]
    [InlineData("def print(): pass")]
    [InlineData("for apis in [1]: pass")]
    [InlineData("shout = print")]
    [InlineData("import random as apis")]
    [InlineData("In[0]")]
    [InlineData("\u00e9t\u00e9 = 1")]
    public void What_the_text_does_not_show_is_refused_from_then_on(string code)
    {
        var agent = new AgentNames();
        agent.Read(code);
        var why = agent.Unknown.ShouldNotBeNull();
        agent.Read("x = 1");
        agent.Unknown.ShouldBe(why);
    }
}
