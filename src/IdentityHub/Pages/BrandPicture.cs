using System.Text;

namespace IdentityHub.Pages;

/// <summary>The picture that an installation puts into the header, read once at the start.</summary>
internal static class BrandPicture
{
    private const int Largest = 256 * 1024;

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>What is wrong with the file and what to do, null when it can be shown.</summary>
    public static string? Refusal(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension switch
        {
            not (".svg" or ".png") => "it must be a file that ends in .svg or .png.",
            _ when !File.Exists(path) => "there is no such file, or the hub may not read it. Give the full path.",
            _ when new FileInfo(path).Length > Largest => $"the file is larger than {Largest / 1024} KiB. Make the picture smaller.",
            ".png" when !File.ReadAllBytes(path).AsSpan().StartsWith(Png) => "the file is not a PNG picture.",
            ".svg" when !File.ReadAllText(path, Encoding.UTF8).Contains("<svg", StringComparison.Ordinal) => "the file is not an SVG picture.",
            _ => null,
        };
    }

    public static PageAssets.Asset Read(string path, string stem) =>
        PageAssets.Asset.Of($"{stem}{Path.GetExtension(path).ToLowerInvariant()}", File.ReadAllBytes(path));
}
