using IdentityHub.Sessions;
using Xunit;

namespace IdentityHub.Tests.Sessions;

public sealed class SessionOptionsTests
{
    [Theory]
    [InlineData(nameof(LifetimePreset.Standard), "01:00:00", "1.00:00:00", true)]
    [InlineData(nameof(LifetimePreset.Bank), "00:15:00", "12:00:00", false)]
    [InlineData(nameof(LifetimePreset.Remembered), "14.00:00:00", "30.00:00:00", true)]
    public void A_preset_stands_for_two_timeouts_and_whether_people_may_stay_signed_in(string preset, string idle, string absolute, bool offers)
    {
        var options = new SessionOptions { Preset = Enum.Parse<LifetimePreset>(preset) };

        Assert.Equal(new SessionTerms(Span(idle), Span(absolute), Remembered: false), options.Terms(remember: false));
        Assert.Equal(offers, options.OffersRememberMe);
        Assert.Null(options.Refusal());
    }

    [Fact]
    public void A_timeout_that_is_set_counts_before_the_preset()
    {
        var options = new SessionOptions { Preset = LifetimePreset.Bank, IdleTimeout = Span("00:07:00") };

        Assert.Equal(new SessionTerms(Span("00:07:00"), Span("12:00:00"), Remembered: false), options.Terms(remember: false));
    }

    [Fact]
    public void Who_chose_to_stay_signed_in_has_terms_of_their_own()
    {
        Assert.Equal(new SessionTerms(Span("14.00:00:00"), Span("30.00:00:00"), Remembered: true), new SessionOptions().Terms(remember: true));
        var shorter = new SessionOptions { RememberedIdleTimeout = Span("2.00:00:00"), RememberedAbsoluteTimeout = Span("7.00:00:00") };
        Assert.Equal(new SessionTerms(Span("2.00:00:00"), Span("7.00:00:00"), Remembered: true), shorter.Terms(remember: true));
    }

    [Fact]
    public void What_is_not_offered_is_not_heard() =>
        Assert.Equal(new SessionTerms(Span("00:15:00"), Span("12:00:00"), Remembered: false), new SessionOptions { Preset = LifetimePreset.Bank }.Terms(remember: true));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void A_limit_of_sessions_out_of_bounds_is_refused_by_name(int most) =>
        Assert.StartsWith($"Sessions:MaxPerPerson is {most}; ", new SessionOptions { MaxPerPerson = most }.Refusal(), StringComparison.Ordinal);

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
