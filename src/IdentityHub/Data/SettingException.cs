namespace IdentityHub.Data;

/// <summary>A setting that stops the start. The message is one sentence for the operator: the setting, its value, the fix.</summary>
internal sealed class SettingException(string message) : Exception(message);
