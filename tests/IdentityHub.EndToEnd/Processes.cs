using System.Reflection;

namespace IdentityHub.EndToEnd;

/// <summary>Where the build put the programs that these tests start (see <c>OutputItemType="BuiltProcess"</c> in the project).</summary>
internal static class Processes
{
    public static string Built(string assembly) =>
        typeof(Processes).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(each => each.Key == assembly)?.Value
        ?? throw new InvalidOperationException($"{assembly} is no BuiltProcess of IdentityHub.EndToEnd.csproj: add a ProjectReference with OutputItemType=\"BuiltProcess\".");
}
