using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace IdentityHub.Tests.Sessions;

public sealed class ClientHintsTests
{
    [Theory]
    [InlineData("\"Chromium\";v=\"130\", \"Brave\";v=\"130\", \"Not?A_Brand\";v=\"99\"", "\"Windows\"", "Brave 130 on Windows")]
    [InlineData("\"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"", "\"Chrome OS\"", "Chrome 131 on ChromeOS")]
    [InlineData("\"Not)A;Brand\";v=\"8\", \"Chromium\";v=\"138\", \"Microsoft Edge\";v=\"138\"", "\"macOS\"", "Edge 138 on macOS")]
    [InlineData("\"Chromium\";v=\"130\"", "\"Linux\"", "Chromium 130 on Linux")]
    public void Browser_and_system_are_named(string brands, string platform, string device) => Assert.Equal(device, Describe(brands, platform));

    [Theory]
    [InlineData(null, null)]
    [InlineData("\"Google Chrome\";v=\"131\"", null)]
    [InlineData("\"Google Chrome\";v=\"131\"", "\"<script>\"")]
    [InlineData("\"<b>Evil</b>\";v=\"1\"", "\"Windows\"")]
    [InlineData("Google Chrome 131", "Windows")]
    public void What_is_not_known_is_not_guessed_and_never_repeated(string? brands, string? platform) => Assert.Null(Describe(brands, platform));

    private static string? Describe(string? brands, string? platform) =>
        ClientHints.Describe(new HeaderDictionary { ["Sec-CH-UA"] = brands, ["Sec-CH-UA-Platform"] = platform });
}
