using CsCheck;
using SandQueue.Environments.WebShop.Search;

namespace SandQueue.Environments.Tests.WebShop.Search;

/// <summary>The expected terms are those of Lucene 8's English analyzer.</summary>
public sealed class EnglishAnalysisTests
{
    [Theory]
    [InlineData("Running shoes ★ foo's women's 4.5 and x_y", "run shoe ★ foo women 4.5 x_y")]
    [InlineData("women's men’s kids＇S 's s'", "women men kid s s")]
    [InlineData("the of and", "")]
    [InlineData("a.b a,b 1,5 1;5 a:b a·b 1.a", "a.b b 1,5 1;5 a:b a·b 1")]
    [InlineData("漢字 ひら カナ 한글 ภาษา", "漢 字 ひ ら カナ 한글 ภาษา")]
    [InlineData("\U0001f468\u200d\U0001f469\u200d\U0001f467x \U0001f44d\U0001f3fd1 \U0001f1fa\U0001f1f8\U0001f1e9 #\ufe0f\u20e3", "\U0001f468\u200d\U0001f469\u200d\U0001f467 x \U0001f44d\U0001f3fd 1 \U0001f1fa\U0001f1f8 #\ufe0f\u20e3")]
    [InlineData("e\u0301t soft\u00adhyphen", "e\u0301t soft\u00adhyphen")]
    public void Terms_are_lucenes(string text, string expected) => Terms(text).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("caresses ponies ties caress cats", "caress poni ti caress cat")]
    [InlineData("feed agreed plastered bled motoring sing", "feed agre plaster bled motor sing")]
    [InlineData("conflated troubled sized hopping tanned falling hissing fizzed failing filing", "conflat troubl size hop tan fall hiss fizz fail file")]
    [InlineData("happy sky relational conditional rational valency digitizer conformably radically differently", "happi sky relat condit ration valenc digit conform radic differ")]
    [InlineData("vileness analogously vietnamization operator feudalism decisiveness hopefulness formality sensitivity sensibility geology", "vile analog vietnam oper feudal decis hope formal sensit sensibl geologi")]
    [InlineData("triplicate formative formalize electrical goodness revival allowance inference airliner", "triplic form formal electr good reviv allow infer airlin")]
    [InlineData("adjustable defensible irritant replacement adjustment dependent adoption communism activate angularity homologous effective bowdlerize", "adjust defens irrit replac adjust depend adopt commun activ angular homolog effect bowdler")]
    [InlineData("probate rate cease controll roll yyy 1as", "probat rate ceas control roll yyi 1a")]
    public void Stems_are_porters(string words, string expected) => Terms(words).ShouldBe(expected.Split(' '));

    [Fact]
    public void A_long_word_is_cut_into_pieces() => Terms(new string('x', 600)).Select(term => term.Length).ShouldBe([255, 255, 90]);

    [Fact]
    public void Any_text_has_terms_from_that_text()
    {
        Gen.String.Sample(text => Terms(text).ForEach(term => term.Length.ShouldBeInRange(1, Math.Min(text.Length + 1, 256))));
    }

    private static List<string> Terms(string text)
    {
        var terms = new List<string>();
        var analysis = new EnglishAnalysis(text);
        while (analysis.TryNext(out var term)) terms.Add(term.ToString());
        return terms;
    }
}
